import { useAuthToken } from '@tokenkeep/react'
import { asDateTime, asDay, fingerprintOf, inWords } from '@tokenkeep/sample'
import { useState } from 'react'
import { LifeRing } from './life-ring.tsx'
import { useNow } from './use-now.ts'

const Deadline = ({ at, name }: { at: number | undefined; name: string }) => {
  const now = useNow(1_000)
  if (at === undefined) return <dd data-testid={name}>no limit</dd>
  if (now === undefined) return <dd data-testid={name}>…</dd>
  return (
    <dd data-testid={name}>
      {at > now ? `in ${inWords(at - now)}` : 'passed'}
      <time dateTime={asDateTime(at)}>{asDay(at)}</time>
    </dd>
  )
}

export const SessionCard = () => {
  const { state, signOut } = useAuthToken()
  const [leaving, setLeaving] = useState(false)
  const [problem, setProblem] = useState<string>()
  const session = 'session' in state ? state.session : undefined
  const token = 'token' in state ? state.token : undefined

  const leave = async () => {
    setLeaving(true)
    setProblem(undefined)
    try {
      await signOut()
    } catch {
      setProblem('The sign-out could not be stored. Please try again.')
    } finally {
      setLeaving(false)
    }
  }

  return (
    <section className="card session" aria-labelledby="session-title">
      <h1 id="session-title">Your session</h1>
      <LifeRing state={state} />
      <dl>
        <div>
          <dt>Token fingerprint</dt>
          <dd>
            <code data-testid="token-fingerprint" className="fingerprint" key={token}>
              {token ? fingerprintOf(token) : '······'}
            </code>
          </dd>
        </div>
        <div>
          <dt>Ends if unused</dt>
          <Deadline at={session?.inactiveAt} name="inactive" />
        </div>
        <div>
          <dt>Ends at the latest</dt>
          <Deadline at={session?.absoluteExpiresAt} name="absolute" />
        </div>
        <div>
          <dt>User</dt>
          <dd>
            <code className="user">{session?.userId ?? '…'}</code>
          </dd>
        </div>
      </dl>
      {problem && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <button type="button" data-testid="sign-out" disabled={leaving} onClick={() => void leave()}>
        {leaving ? 'Signing out…' : 'Sign out'}
      </button>
    </section>
  )
}
