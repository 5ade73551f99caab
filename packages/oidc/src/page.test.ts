import { afterEach, expect, it, vi } from 'vitest'
import { browserPage } from './index.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A window that is about to show another page. */
function open(): { show(persisted: boolean): void; left: string[] } {
  const window = new EventTarget()
  const left: string[] = []
  vi.useFakeTimers()
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window))
  vi.stubGlobal('location', { assign: (url: string) => left.push(url) })
  return {
    left,
    show: (persisted) => void window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted })),
  }
}

it('a page that is still loading when it is left does not count as shown again (case O12)', async () => {
  const { show, left } = open()
  const returned = vi.fn<() => void>()
  void browserPage.leave('https://id.example/').then(returned)
  expect(left).toEqual(['https://id.example/'])
  show(false)
  await vi.advanceTimersByTimeAsync(100)
  expect(returned).not.toHaveBeenCalled()
  show(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(returned).toHaveBeenCalledOnce()
})

it('a user who refuses to leave the page can click again after ten seconds (case O12)', async () => {
  open()
  const returned = vi.fn<() => void>()
  void browserPage.leave('https://id.example/').then(returned)
  await vi.advanceTimersByTimeAsync(9_999)
  expect(returned).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(returned).toHaveBeenCalledOnce()
})

it('a popup that looks closed is closed once its user is back on the page (case O29)', () => {
  const window = { closed: false, hasFocus: true, shown: '' }
  const popup = {
    get closed() {
      return window.closed
    },
    location: { replace: (url: string) => (window.shown = url) },
  }
  vi.stubGlobal('document', { hasFocus: () => window.hasFocus })
  const screen = { screenX: 100, screenY: 50, outerWidth: 1280, outerHeight: 800 }
  for (const [name, value] of Object.entries(screen)) vi.stubGlobal(name, value)
  const open = vi.fn<(...request: string[]) => unknown>(() => popup)
  vi.stubGlobal('open', open)
  const opened = browserPage.openPopup()!
  expect(open).toHaveBeenCalledWith('', '', 'popup,width=480,height=640,left=500,top=130')
  opened.show('https://id.example/')
  expect(window.shown).toBe('https://id.example/')
  expect(opened.isClosed()).toBe(false)
  Object.assign(window, { closed: true, hasFocus: false })
  expect(opened.isClosed()).toBe(false)
  window.hasFocus = true
  expect(opened.isClosed()).toBe(true)
  // What a blocker returns.
  expect(browserPage.openPopup()).toBeUndefined()
  open.mockReturnValue(null)
  expect(browserPage.openPopup()).toBeUndefined()
})

it('a window that no script opened is still shown after a second', async () => {
  vi.useFakeTimers()
  const close = vi.fn<() => void>()
  vi.stubGlobal('close', close)
  const returned = vi.fn<() => void>()
  void browserPage.close().then(returned)
  expect(close).toHaveBeenCalledOnce()
  await vi.advanceTimersByTimeAsync(999)
  expect(returned).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(returned).toHaveBeenCalledOnce()
})
