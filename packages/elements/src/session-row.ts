import type { AccountSession } from './account.ts'
import { createRow, createRowButton, showTime, type Row } from './account-row.ts'
import type { Device } from './device.ts'
import { createElement } from './form.ts'

/** A session, and what its user agent says. */
export interface ShownSession extends AccountSession {
  readonly device: Device | undefined
}

/** Creates the row of a session. */
export function createSessionRow(end: (id: string) => void): Row<ShownSession> {
  const { root, name, details, actions } = createRow()
  const badge = createElement('span', 'badge')
  const address = createElement('bdi', 'address')
  const active = createElement('time', 'time')
  let id: string
  const button = createRowButton(name, () => end(id))
  // A space, not a margin: in a page that is read from right to left, the name can still be read from left to right.
  name.after(' ', badge)
  details.append(address, active)
  actions.append(button)
  return {
    root,
    show(session, { texts, times }) {
      const { device, current, ip = '', lastActiveAt } = session
      id = session.id
      name.textContent = device ? texts.device(device.browser, device.system) : texts.unknownDevice
      badge.textContent = texts.currentSession
      badge.hidden = !current
      actions.hidden = current
      address.textContent = ip
      address.hidden = !ip
      const words = current ? texts.activeNow : texts.lastActive(times.ago(lastActiveAt))
      showTime(active, lastActiveAt, words, times)
      button.textContent = texts.end
    },
  }
}
