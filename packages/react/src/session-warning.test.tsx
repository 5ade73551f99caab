// @vitest-environment jsdom
import {
  sessionWarningContract,
  type WarningHarness,
  type WarningView,
} from '@tokenkeep/testing/adapter-contract'
import { StrictMode, version } from 'react'
import { createRoot, hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { act } from '../test/act.ts'
import { AuthTokenProvider, useEndsIn, useSessionWarning, type TokenManager } from './index.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const Warns = ({ view }: { view: WarningView }) => <>{view.show(useSessionWarning(view.seconds))}</>
const Counts = () => <>{useEndsIn()}</>
const rootOf = (manager: TokenManager, view: WarningView) => (
  <StrictMode>
    <AuthTokenProvider manager={manager}>
      <i>
        <Warns view={view} />
      </i>
      <i>{view.countdown && <Counts />}</i>
    </AuthTokenProvider>
  </StrictMode>
)
const mounted = (element: Element, root: Root) => ({
  element,
  update: (work: () => Promise<unknown>) => act(async () => void (await work())),
  unmount: () => act(async () => root.unmount()),
})

const harness: WarningHarness = {
  async mount(manager, view) {
    const element = document.createElement('div')
    const root = createRoot(element)
    await act(async () => root.render(rootOf(manager, view)))
    return mounted(element, root)
  },
  renderOnServer: async (manager, view) => renderToString(rootOf(manager, view)),
  async hydrate(manager, view, html) {
    const element = document.createElement('div')
    element.innerHTML = html
    const mismatches: unknown[] = []
    const onRecoverableError = (error: unknown) => mismatches.push(error)
    const root = await act(async () => hydrateRoot(element, rootOf(manager, view), { onRecoverableError }))
    if (mismatches.length > 0) throw mismatches[0]
    return mounted(element, root)
  },
}

sessionWarningContract(`React ${version}`, harness)
