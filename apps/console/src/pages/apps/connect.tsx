import type { ManagedApp } from '../../api/apps.ts'
import { server } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './apps.module.css'

const texts = t.apps

/** Shows the values that a client and a backend need to connect to the app. */
export function Connect({ app }: { readonly app: ManagedApp }) {
  const rows = [
    { name: texts.fields.id, value: app.id },
    { name: texts.settings.server, value: server },
    { name: texts.settings.issuer, value: `${server}/v1/apps/${app.id}` },
    { name: texts.fields.alg, value: app.alg },
  ]
  return (
    <Panel title={texts.settings.connect} description={texts.settings.connectText}>
      <dl className={styles['connect']}>
        {rows.map(({ name, value }) => (
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
