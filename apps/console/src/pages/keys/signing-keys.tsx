import { useQuery } from '@tanstack/react-query'
import { signingKeysQuery, type SigningKey } from '../../api/keys.ts'
import { server } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Loaded } from '../../ui/query-result.tsx'
import { Time } from '../../ui/time.tsx'
import styles from './keys.module.css'
import { Rotate } from './rotate-keys.tsx'

const words = t.keys.signing
const order = ['next', 'current', 'previous'] as const
const tones = { next: 'neutral', current: 'good', previous: 'warning' } as const

/** The keys as they follow on each other. */
export function SigningKeys({ app }: { readonly app: string }) {
  const query = useQuery(signingKeysQuery(app))
  const current = query.data?.find(({ state }) => state === 'current')
  return (
    <Panel
      title={words.title}
      description={words.description}
      actions={<Rotate app={app} alg={current?.alg ?? 'EdDSA'} />}
    >
      <Loaded query={query}>
        {(keys) => (
          <ul className={styles['keys']}>
            {order.flatMap((state) =>
              keys.filter((key) => key.state === state).map((key) => <Key key={key.kid} signingKey={key} />),
            )}
          </ul>
        )}
      </Loaded>
      <p className={styles['jwks']}>
        <span>{words.jwks}</span>
        <CopyText text={`${server}/v1/apps/${app}/.well-known/jwks.json`} what={words.jwks} />
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
        <Badge tone={tones[state]}>{words.states[state]}</Badge>
        <span>{alg}</span>
      </div>
      <p>{words.about[state]}</p>
      <CopyText text={kid} what={words.kid} />
      <dl>
        <div>
          <dt>{words.created}</dt>
          <dd>
            <Time at={created_at} />
          </dd>
        </div>
        {activates_at !== undefined && state !== 'previous' && (
          <div>
            <dt>{state === 'next' ? words.activates : words.activated}</dt>
            <dd>
              <Time at={activates_at} />
            </dd>
          </div>
        )}
        {retires_at !== undefined && (
          <div>
            <dt>{words.retires}</dt>
            <dd>
              <Time at={retires_at} />
            </dd>
          </div>
        )}
      </dl>
    </li>
  )
}
