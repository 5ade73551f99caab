import { useAuthToken } from '@tokenkeep/react'
import { asDateTime, asDay, type Account } from '@tokenkeep/sample'
import { useEffect, useState } from 'react'

/** Lists the sessions of the signed-in user, and can end all of them. */
export const AccountPage = () => {
  const { fetch, signOut } = useAuthToken()
  const [account, setAccount] = useState<Account>()
  const [problem, setProblem] = useState<string>()

  useEffect(() => {
    let shown = true
    const load = async () => {
      const response = await fetch('/api/account')
      if (!response.ok) throw new Error(String(response.status))
      const loaded = (await response.json()) as Account
      if (shown) setAccount(loaded)
    }
    load().catch(() => shown && setProblem('Your sessions could not be loaded. Please reload the page.'))
    return () => {
      shown = false
    }
  }, [fetch])

  const signOutEverywhere = async () => {
    setProblem(undefined)
    try {
      const response = await fetch('/api/sign-out-everywhere', { method: 'POST' })
      if (!response.ok) throw new Error(String(response.status))
      await signOut()
    } catch {
      setProblem('The server could not be reached. You are still signed in everywhere.')
    }
  }

  return (
    <main className="sheet">
      <div>
        <h1>Your account</h1>
        <p className="lead" data-testid="account-user">
          {account?.user ?? '…'}
        </p>
      </div>
      <section aria-labelledby="sessions-title">
        <h2 id="sessions-title">Where you are signed in</h2>
        <ol className="sessions" data-testid="sessions">
          {account?.sessions.map((session) => (
            <li key={session.id}>
              <span>
                <code>{session.id.slice(-8)}</code>
                {session.current && <b>this browser</b>}
              </span>
              <time dateTime={asDateTime(session.created_at)}>since {asDay(session.created_at)}</time>
            </li>
          ))}
        </ol>
      </section>
      {problem && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <p>
        <button type="button" data-testid="sign-out-everywhere" onClick={() => void signOutEverywhere()}>
          Sign out everywhere
        </button>
      </p>
    </main>
  )
}
