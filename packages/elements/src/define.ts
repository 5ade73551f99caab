import { AccountElement } from './account-element.ts'
import { AuthElement, LoginElement, RegisterElement } from './auth-element.ts'
import { ReauthenticateElement } from './reauthenticate-element.ts'

export * from './index.ts'

declare global {
  interface HTMLElementTagNameMap {
    'tokenkeep-auth': AuthElement
    'tokenkeep-login': LoginElement
    'tokenkeep-register': RegisterElement
    'tokenkeep-reauthenticate': ReauthenticateElement
    'tokenkeep-account': AccountElement
  }
}

const elements = {
  'tokenkeep-auth': AuthElement,
  'tokenkeep-login': LoginElement,
  'tokenkeep-register': RegisterElement,
  'tokenkeep-reauthenticate': ReauthenticateElement,
  'tokenkeep-account': AccountElement,
}

// A server has no custom elements. If the page loads this library twice, the first copy's elements stay.
if (typeof customElements !== 'undefined')
  for (const [name, element] of Object.entries(elements))
    if (!customElements.get(name)) customElements.define(name, element)
