// Declares the names that the examples in the docs use but do not define: they stand for the reader's own code.
import type { TokenManager } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import type { ReactNode } from 'react'

declare global {
  const auth: TokenManager
  const SignIn: (props: { onDone: (result: AuthResult) => void }) => ReactNode
}
