import { AuthElement, LoginElement, RegisterElement } from './auth-element.ts'

export * from './index.ts'

declare global {
  interface HTMLElementTagNameMap {
    'tokenkeep-auth': AuthElement
    'tokenkeep-login': LoginElement
    'tokenkeep-register': RegisterElement
  }
}

const elements = {
  'tokenkeep-auth': AuthElement,
  'tokenkeep-login': LoginElement,
  'tokenkeep-register': RegisterElement,
}

// Nothing to define on a server; and a second copy of this library leaves the first one's elements alone.
if (typeof customElements !== 'undefined')
  for (const [name, element] of Object.entries(elements))
    if (!customElements.get(name)) customElements.define(name, element)
