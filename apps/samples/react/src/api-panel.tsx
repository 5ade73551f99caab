import { useAuthToken } from '@tokenkeep/react'
import type { ApiCalls, Store } from '@tokenkeep/sample'
import { useStore } from './use-store.ts'

export const ApiPanel = ({ calls }: { calls: Store<ApiCalls> }) => {
  const { ok, failed, waiting, recent } = useStore(calls)
  const signedOut = useAuthToken((state) => state.status === 'signed-out')
  const idle = signedOut ? 'paused while signed out' : 'one every 3 seconds'
  return (
    <section className="api" aria-labelledby="api-title">
      <h2 id="api-title">
        API calls <small>{idle}</small>
      </h2>
      <ol className="dots" aria-hidden="true">
        {recent.map(({ id, outcome, text }) => (
          <li key={id} className={outcome} title={text} />
        ))}
      </ol>
      <dl>
        <div className="ok">
          <dd data-testid="api-ok">{ok}</dd>
          <dt>answered 200</dt>
        </div>
        <div className={failed > 0 ? 'failed some' : 'failed'}>
          <dd data-testid="api-failed">{failed}</dd>
          <dt>failed</dt>
        </div>
        <div className={waiting > 0 ? 'waiting some' : 'waiting'}>
          <dd data-testid="api-waiting">{waiting}</dd>
          <dt>waiting</dt>
        </div>
        <div className="last">
          <dd data-testid="api-last">{recent.at(-1)?.text ?? '–'}</dd>
          <dt>last</dt>
        </div>
      </dl>
    </section>
  )
}
