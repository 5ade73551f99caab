import type { User } from '../../api/users.ts'
import { asNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'
import styles from './user.module.css'

const words = t.user.details

export function Details({ user }: { readonly user: User }) {
  const metadata = Object.keys(user.user_metadata).length > 0
  return (
    <Panel title={words.title}>
      <dl className={styles['details']}>
        <div>
          <dt>{words.id}</dt>
          <dd>
            <CopyText text={user.id} what={words.id} />
          </dd>
        </div>
        <div>
          <dt>{words.created}</dt>
          <dd>
            <Time at={user.created_at} />
          </dd>
        </div>
        <div>
          <dt>{words.lastLogin}</dt>
          <dd>{user.last_login_at ? <Time at={user.last_login_at} /> : words.never}</dd>
        </div>
        <div>
          <dt>{words.count}</dt>
          <dd>{asNumber(user.login_count)}</dd>
        </div>
      </dl>
      {metadata && (
        <div className={styles['details']}>
          <h3>{words.metadata}</h3>
          <pre tabIndex={0} aria-label={words.metadata}>
            {JSON.stringify(user.user_metadata, null, 2)}
          </pre>
        </div>
      )}
    </Panel>
  )
}
