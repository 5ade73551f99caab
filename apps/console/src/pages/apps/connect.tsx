import type { ManagedApp } from '../../api/apps.ts'
import { server } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './apps.module.css'

const words = t.apps

/** What code that uses the app needs to know. */
export function Connect({ app }: { readonly app: ManagedApp }) {
  const facts = [
    { name: words.fields.id, value: app.id },
    { name: words.settings.server, value: server },
    { name: words.settings.issuer, value: `${server}/v1/apps/${app.id}` },
    { name: words.fields.alg, value: app.alg },
  ]
  return (
    <Panel title={words.settings.connect} description={words.settings.connectText}>
      <dl className={styles['connect']}>
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <CopyText text={value} what={name} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
