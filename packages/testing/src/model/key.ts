import type { SessionRecord, Version } from '@tokenkeep/core/cross-tab'
import { isIn, parse, type Message, type Tab, type World } from './world.ts'

// What tells one state from another, and nothing else: of the worlds with one key only one is explored, for all go on
// alike.
// - Tabs are interchangeable, and so are messages: both are put in an order.
// - Of random ids only their sameness matters: they are renamed in the order they appear.
// - Counters (a session's generations, a record's generation) matter by their distance from the current one, and two behind or
//   more is old. So a refresh that leaves nothing behind leads back to where it began: there may be any number of them.
// - There is no clock: no deadline, no time of receipt, no count of tries.

type Id = string | undefined

/** A piece of a world: text, and the ids in it, in their order. */
interface Part {
  text: string
  readonly ids: Id[]
}

const behind = (current: number, counter: number): number => Math.max(-2, Math.min(current - counter, 2))

/** A refresh token: its session, how old it is, and the retryId that used it up. */
function addToken(part: Part, { server }: World, refreshToken: string): void {
  const { sessionId, generation } = parse(refreshToken)
  const session = server.sessions[sessionId]!
  part.text += `${sessionId}${behind(session.generation, generation)}`
  part.ids.push(session.retryIds[generation])
}

function addVersion(part: Part, record: SessionRecord | undefined, { epoch, generation }: Version): void {
  part.text += isIn(record) ? behind(record.generation, generation) : Math.min(generation, 2)
  part.ids.push(epoch)
}

type Request = Pick<Message, 'refreshToken' | 'retryId' | 'lastRetryId'>

function addRequest(part: Part, world: World, { refreshToken, retryId, lastRetryId }: Request): void {
  addToken(part, world, refreshToken)
  part.ids.push(retryId, lastRetryId)
}

function addMessage(part: Part, world: World, message: Message): void {
  const { answer, late } = message
  part.text += answer ? Object.keys(answer)[0]! : late ? 'late' : 'sent'
  if (!answer) addRequest(part, world, message)
  else if (answer.issued) addToken(part, world, answer.issued.refreshToken!)
}

function surroundings(world: World): Part {
  const { record, wanted, server, leftBehind, cleared } = world
  const part: Part = { text: record ? (record.reason ?? 'in') : '', ids: [record?.epoch] }
  for (const { refreshToken } of record?.pendingRevocations ?? []) addToken(part, world, refreshToken!)
  if (isIn(record)) {
    part.text += record.lastFailure?.code ?? '.'
    addRequest(part, world, record as Request)
  }
  part.text += `|${wanted?.sessionId}${cleared}`
  part.ids.push(wanted?.epoch)
  for (const [id, { ended }] of Object.entries(server.sessions))
    part.text += ended ? 'x' : !cleared && leftBehind.includes(id) ? 'o' : '.'
  return part
}

function ofTab(world: World, { wants, step, awaits, answer, frozen }: Tab, holds: boolean): Part {
  const part: Part = { text: holds ? 'holder ' : '', ids: [] }
  if (!wants) return part
  part.text += `${frozen ? 'frozen ' : ''}${step ? (step.request ? 'send' : 'look') : 'queues'}`
  addVersion(part, world.record, wants)
  const message = awaits && world.net.find(({ id }) => id === awaits)
  if (message) addMessage(part, world, message)
  else if (awaits) part.text += 'gone'
  else if (answer) part.text += JSON.stringify(answer)
  else if (step?.request) addRequest(part, world, step.request as Request)
  return part
}

function ofMessage(world: World, message: Message): Part {
  const part: Part = { text: '', ids: [] }
  addMessage(part, world, message)
  return part
}

const letter = (index: number): string => String.fromCharCode(97 + index)

/** By what is known of each before any of them is written. */
function inOrder(parts: Part[], names: readonly Id[]): Part[] {
  if (parts.length < 2) return parts
  const known = ({ text, ids }: Part): string => {
    let known = text
    for (const id of ids) known += letter(names.indexOf(id))
    return known
  }
  return parts
    .map((part) => ({ part, known: known(part) }))
    .toSorted((one, other) => (one.known < other.known ? -1 : 1))
    .map(({ part }) => part)
}

export function key(world: World): string {
  const { tabs, holder, net } = world
  const names: Id[] = [undefined]
  let written = ''
  const write = ({ text, ids }: Part): void => {
    written += `${text};`
    for (const id of ids) {
      const known = names.indexOf(id)
      written += letter(known < 0 ? names.push(id) - 1 : known)
    }
  }
  write(surroundings(world))
  inOrder(
    tabs.map((tab, index) => ofTab(world, tab, index === holder)),
    names,
  ).forEach(write)
  const unawaited = net.filter(({ id }) => !tabs.some(({ awaits }) => awaits === id))
  inOrder(
    unawaited.map((message) => ofMessage(world, message)),
    names,
  ).forEach(write)
  return written
}
