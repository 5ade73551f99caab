import { useAuthToken } from '@tokenkeep/react'
import { nextPath, type Config } from '@tokenkeep/sample'
import { Navigate, useSearchParams } from 'react-router'
import { SignInCard } from './sign-in-card.tsx'

/** Protected pages send signed-out people here. After the sign-in, this page sends them back. */
export const SignInPage = ({ config }: { config: Config }) => {
  const signedIn = useAuthToken((state) => 'session' in state)
  const [query] = useSearchParams()
  if (signedIn) return <Navigate to={nextPath(query.get('next'))} replace />
  return (
    <main className="sheet">
      <div className="narrow">
        <SignInCard config={config} />
      </div>
    </main>
  )
}
