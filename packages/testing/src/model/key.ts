import type { Answer, SessionRecord, Version } from '@tokenkeep/core/cross-tab'
import { generationOf, type Request } from './server.ts'
import { isSignedIn, parseRefreshToken, type Message, type Tab, type World } from './world.ts'

// A canonical key for a world (symmetry reduction and abstraction). Worlds with the same key behave alike, so only one of
// them is explored.
// - Tabs are interchangeable, and so are messages: both are sorted.
// - Only the equality of random ids matters: they are renamed in the order in which they appear.
// - A counter (the generation of a session or of the record) matters only by its distance to the current one, and a
//   distance of two or more counts as two. So a refresh that leaves nothing behind leads back to the same key, and there
//   may be any number of refreshes.
// - The model has no clock, so the key contains no deadline, no time of receipt and no count of tries.

type Id = string | undefined

/** A part of a world: its text, and the ids in it, in the order in which they appear. */
interface Part {
  text: string
  readonly ids: Id[]
}

const distance = (current: number, counter: number): number => Math.max(-2, Math.min(current - counter, 2))

/** Adds a refresh token: its session, its age, and the retry id that used it up. */
function addToken(part: Part, { server }: World, refreshToken: string): void {
  const { sessionId, generation } = parseRefreshToken(refreshToken)
  const session = server.sessions[sessionId]!
  part.text += `${sessionId}${distance(session.generation, generation)}`
  part.ids.push(session.retryIds[generation])
}

function addVersion(part: Part, record: SessionRecord | undefined, { epoch, generation }: Version): void {
  part.text += isSignedIn(record) ? distance(record.generation, generation) : Math.min(generation, 2)
  part.ids.push(epoch)
}

/**
 * Adds a token, two retry ids, and what the ids prove: the generation that each used up, and whether that is older than
 * the token.
 */
function addRequest(part: Part, world: World, { refreshToken, retryId, lastRetryId }: Request): void {
  addToken(part, world, refreshToken)
  const { sessionId, generation } = parseRefreshToken(refreshToken)
  const session = world.server.sessions[sessionId]!
  for (const id of [retryId, lastRetryId]) {
    const used = generationOf(session, id)
    if (used === undefined) part.text += '-'
    else part.text += `${distance(session.generation, used)}${used >= generation ? '+' : ''}`
    part.ids.push(id)
  }
}

const nameOf = (answer: Answer): string =>
  answer.refused === 'displaced' ? 'displaced' : Object.keys(answer)[0]!

function addMessage(part: Part, world: World, message: Message): void {
  const { answer, isCopy } = message
  part.text += answer ? nameOf(answer) : isCopy ? 'copy' : 'sent'
  if (!answer) addRequest(part, world, message)
  else if (answer.issued) addToken(part, world, answer.issued.refreshToken!)
}

/** Everything but the tabs and the messages. */
function partOfShared(world: World): Part {
  const { record, intended, server, abandoned, cleared } = world
  const part: Part = { text: record ? (record.reason ?? 'in') : '', ids: [record?.epoch] }
  for (const { refreshToken, reason } of record?.pendingRevocations ?? []) {
    // The server reads no other reason.
    if (reason === 'displaced') part.text += reason
    addToken(part, world, refreshToken!)
  }
  if (isSignedIn(record)) {
    part.text += record.lastFailure?.code ?? '.'
    addRequest(part, world, record as Request)
  }
  part.text += `|${intended?.sessionId}${cleared}`
  part.ids.push(intended?.epoch, world.lastHint?.epoch)
  for (const [id, { ended }] of Object.entries(server.sessions))
    part.text += ended ? 'x' : !cleared && abandoned.includes(id) ? 'o' : '.'
  return part
}

/**
 * The thief: what the server has done for him, and what he has. He may combine any token with any retry id, so the key
 * keeps the order of all their generations. The current generation is 0, and the one before it is 1. The others are
 * numbered in their order.
 */
function partOfThief({ thief, server }: World): Part {
  const part: Part = { text: '', ids: [] }
  if (!thief?.hasStolen) return part
  const session = server.sessions[parseRefreshToken(thief.tokens[0]!).sessionId]!
  if (session.ended) return { ...part, text: 'over' }
  const back = (generation: number | undefined): number =>
    generation === undefined ? -1 : session.generation - generation
  const tokens = thief.tokens.map((token) => back(parseRefreshToken(token).generation))
  const retryIds = thief.retryIds.map((id) => ({ id, used: back(generationOf(session, id)) }))
  const far = [...tokens, ...retryIds.map(({ used }) => used), back(thief.served)].filter((each) => each > 1)
  const order = [...new Set(far)].toSorted((one, other) => one - other)
  const rank = (distance: number): number => (distance > 1 ? 2 + order.indexOf(distance) : distance)
  part.text = `${thief.uses}${thief.turns}${rank(back(thief.served))}:${tokens.map(rank).toSorted().join('')}:`
  for (const { id, used } of retryIds.toSorted((one, other) => one.used - other.used)) {
    part.text += rank(used)
    part.ids.push(id)
  }
  return part
}

function partOfTab(world: World, { target, step, awaits, answer, frozen }: Tab, holdsLock: boolean): Part {
  const part: Part = { text: holdsLock ? 'holder ' : '', ids: [] }
  if (!target) return part
  part.text += `${frozen ? 'frozen ' : ''}${step ? (step.request ? 'send' : 'read') : 'queues'}`
  addVersion(part, world.record, target)
  const message = awaits && world.network.find(({ id }) => id === awaits)
  if (message) addMessage(part, world, message)
  else if (awaits) part.text += 'gone'
  else if (answer) part.text += JSON.stringify(answer)
  else if (step?.request) addRequest(part, world, step.request as Request)
  return part
}

function partOfMessage(world: World, message: Message): Part {
  const part: Part = { text: '', ids: [] }
  addMessage(part, world, message)
  return part
}

const letter = (index: number): string => String.fromCharCode(97 + index)

/** Sorts parts by their text and by those of their ids that have a name already. */
function sort(parts: Part[], names: readonly Id[]): Part[] {
  if (parts.length < 2) return parts
  const sortKey = ({ text, ids }: Part): string => {
    let known = text
    for (const id of ids) known += letter(names.indexOf(id))
    return known
  }
  return parts
    .map((part) => ({ part, known: sortKey(part) }))
    .toSorted((one, other) => (one.known < other.known ? -1 : 1))
    .map(({ part }) => part)
}

export function keyOf(world: World): string {
  const { tabs, lockHolder, network } = world
  const names: Id[] = [undefined]
  let key = ''
  const write = ({ text, ids }: Part): void => {
    key += `${text};`
    for (const id of ids) {
      const known = names.indexOf(id)
      key += letter(known < 0 ? names.push(id) - 1 : known)
    }
  }
  write(partOfShared(world))
  if (world.thief) write(partOfThief(world))
  sort(
    tabs.map((tab, index) => partOfTab(world, tab, index === lockHolder)),
    names,
  ).forEach(write)
  const strays = network.filter(({ id }) => !tabs.some(({ awaits }) => awaits === id))
  sort(
    strays.map((message) => partOfMessage(world, message)),
    names,
  ).forEach(write)
  return key
}
