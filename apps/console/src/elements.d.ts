import type { LoginElement, ReauthenticateElement, RegisterElement } from '@tokenkeep/elements'
import type { DetailedHTMLProps, HTMLAttributes } from 'react'

type Props<T> = DetailedHTMLProps<HTMLAttributes<T>, T> & {
  'app-id': string
  server?: string
  storage?: 'cookie'
  invitation?: string | undefined
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'tokenkeep-login': Props<LoginElement>
      'tokenkeep-register': Props<RegisterElement>
      'tokenkeep-reauthenticate': Props<ReauthenticateElement> & { onreauthenticated: () => void }
    }
  }
}
