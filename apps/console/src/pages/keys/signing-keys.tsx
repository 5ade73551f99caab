import { useQuery } from '@tanstack/react-query'
import { signingKeysQuery, type SigningKey } from '../../api/keys.ts'
import { server } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryResult } from '../../ui/query-result.tsx'
import { Time } from '../../ui/time.tsx'
import styles from './keys.module.css'
import { RotateKeys } from './rotate-keys.tsx'

const texts = t.keys.signing
const order = ['next', 'current', 'previous'] as const
const tones = { next: 'neutral', current: 'good', previous: 'warning' } as const

/** Shows the signing keys in the order next, current, previous. */
export function SigningKeys({ app }: { readonly app: string }) {
  const query = useQuery(signingKeysQuery(app))
  const current = query.data?.find(({ state }) => state === 'current')
  return (
    <Panel
      title={texts.title}
      description={texts.description}
      actions={<RotateKeys app={app} alg={current?.alg ?? 'EdDSA'} />}
    >
      <QueryResult query={query}>
        {(keys) => (
          <ul className={styles['keys']}>
            {order.flatMap((state) =>
              keys.filter((key) => key.state === state).map((key) => <Key key={key.kid} signingKey={key} />),
            )}
          </ul>
        )}
      </QueryResult>
      <p className={styles['jwks']}>
        <span>{texts.jwks}</span>
        <CopyText text={`${server}/v1/apps/${app}/.well-known/jwks.json`} what={texts.jwks} />
      </p>
    </Panel>
  )
}

function Key({
  signingKey: { kid, alg, state, created_at, activates_at, retires_at },
}: {
  readonly signingKey: SigningKey
}) {
  return (
    <li className={styles['key']}>
      <div className={styles['state']}>
        <Badge tone={tones[state]}>{texts.states[state]}</Badge>
        <span>{alg}</span>
      </div>
      <p>{texts.about[state]}</p>
      <CopyText text={kid} what={texts.kid} />
      <dl>
        <div>
          <dt>{texts.created}</dt>
          <dd>
            <Time at={created_at} />
          </dd>
        </div>
        {activates_at !== undefined && state !== 'previous' && (
          <div>
            <dt>{state === 'next' ? texts.activates : texts.activated}</dt>
            <dd>
              <Time at={activates_at} />
            </dd>
          </div>
        )}
        {retires_at !== undefined && (
          <div>
            <dt>{texts.retires}</dt>
            <dd>
              <Time at={retires_at} />
            </dd>
          </div>
        )}
      </dl>
    </li>
  )
}
