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
