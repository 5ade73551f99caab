import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { appsQuery, type ManagedApp } from '../../api/apps.ts'
import { consoleApp } from '../../session.ts'
import { inWords } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Loaded } from '../../ui/query-result.tsx'
import { Cell, Table, type Columns } from '../../ui/table.tsx'
import styles from './apps.module.css'
import { CreateApp } from './create-app.tsx'

const words = t.apps

export function AppsPage() {
  const query = useQuery(appsQuery())
  return (
    <Page title={words.title} description={words.description} actions={<CreateApp />}>
      <Panel flush>
        <Loaded query={query}>
          {(apps) => <Table label={words.title} columns={columns} rows={apps} rowId={({ id }) => id} />}
        </Loaded>
      </Panel>
    </Page>
  )
}

function stay({ refresh_enabled, refresh_absolute_lifetime, session_timeout_length }: ManagedApp): string {
  if (!refresh_enabled) return words.lapses(inWords(session_timeout_length))
  return refresh_absolute_lifetime > 0 ? words.stays(inWords(refresh_absolute_lifetime)) : words.staysEndless
}

const columns: Columns<ManagedApp> = [
  {
    id: 'name',
    header: words.columns.name,
    cell: ({ row: { original } }) => (
      <Cell
        main={
          <Link
            to="/apps/$app/authentication/sessions"
            params={{ app: original.id }}
            className={styles['name']!}
          >
            {original.name}
          </Link>
        }
        sub={<code>{original.id}</code>}
      />
    ),
  },
  {
    id: 'auth_origin',
    header: words.columns.auth_origin,
    cell: ({ row: { original } }) => original.auth_origin,
  },
  {
    id: 'sessions',
    header: words.columns.sessions,
    cell: ({ row: { original } }) => stay(original),
  },
  {
    id: 'system',
    header: () => <span className="unseen">{words.system}</span>,
    cell: ({ row: { original } }) => original.id === consoleApp && <Badge>{words.system}</Badge>,
  },
]
