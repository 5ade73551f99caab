// What the examples in the docs leave to their reader: names that stand for code of one's own.
import type { TokenManager } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import type { ReactNode } from 'react'

declare global {
  const auth: TokenManager
  const SignIn: (props: { onDone: (result: AuthResult) => void }) => ReactNode
}
