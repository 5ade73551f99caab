import type { User } from '../../api/users.ts'
import { formatNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'
import { RoleOf } from './role.tsx'
import styles from './user.module.css'

const texts = t.user.details

export function Details({ app, user }: { readonly app: string; readonly user: User }) {
  const metadata = Object.keys(user.user_metadata).length > 0
  return (
    <Panel title={texts.title}>
      <dl className={styles['details']}>
        <div>
          <dt>{texts.id}</dt>
          <dd>
            <CopyText text={user.id} what={texts.id} />
          </dd>
        </div>
        <div>
          <dt>{texts.origin}</dt>
          <dd>{texts.origins[user.identifier_origin]}</dd>
        </div>
        {user.role && (
          <div>
            <dt>{t.user.role.label}</dt>
            <dd>
              <RoleOf app={app} user={user.id} current={user.role} />
            </dd>
          </div>
        )}
        <div>
          <dt>{texts.created}</dt>
          <dd>
            <Time at={user.created_at} />
          </dd>
        </div>
        <div>
          <dt>{texts.lastLogin}</dt>
          <dd>{user.login_count > 0 ? <Time at={user.last_login_at} /> : texts.never}</dd>
        </div>
        <div>
          <dt>{texts.count}</dt>
          <dd>{formatNumber(user.login_count)}</dd>
        </div>
      </dl>
      {metadata && (
        <div className={styles['details']}>
          <h3>{texts.metadata}</h3>
          <pre tabIndex={0} aria-label={texts.metadata}>
            {JSON.stringify(user.user_metadata, null, 2)}
          </pre>
        </div>
      )}
    </Panel>
  )
}
