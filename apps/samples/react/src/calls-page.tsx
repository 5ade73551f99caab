import { useAuthToken } from '@tokenkeep/react'
import { sendTogether, type Round } from '@tokenkeep/sample'
import { useState } from 'react'

const together = 20

/** Sends many calls at once. If the token has expired, they share one refresh. */
export const CallsPage = () => {
  const { manager, fetch } = useAuthToken()
  const [round, setRound] = useState<Round>()
  const busy = round !== undefined && round.took === undefined
  const call = async () => {
    const response = await fetch('/api/time')
    if (!response.ok) throw new Error(String(response.status))
  }
  const count = (outcome: Round['outcomes'][number]) =>
    round?.outcomes.filter((each) => each === outcome).length ?? 0
  return (
    <main className="sheet">
      <div>
        <h1>Twenty calls at once</h1>
        <p className="lead">
          Wait until the token has expired, then send the calls. All of them wait for the same refresh, and
          none fails.
        </p>
      </div>
      <p>
        <button
          type="button"
          className="primary"
          data-testid="send-together"
          disabled={busy}
          onClick={() => void sendTogether(manager, together, call, setRound)}
        >
          {busy ? 'Waiting for responses…' : 'Send 20 calls'}
        </button>
      </p>
      <ol className="round" aria-hidden="true">
        {(round?.outcomes ?? Array<undefined>(together).fill(undefined)).map((outcome, index) => (
          <li key={index} className={outcome} />
        ))}
      </ol>
      <dl className="tally" aria-live="polite">
        <div>
          <dt>answered 200</dt>
          <dd data-testid="together-ok">{count('ok')}</dd>
        </div>
        <div>
          <dt>failed</dt>
          <dd data-testid="together-failed">{count('failed')}</dd>
        </div>
        <div>
          <dt>refreshes</dt>
          <dd data-testid="together-refreshes">{round?.refreshes ?? 0}</dd>
        </div>
        <div>
          <dt>ms in total</dt>
          <dd data-testid="together-took">{round?.took ?? '–'}</dd>
        </div>
      </dl>
    </main>
  )
}
