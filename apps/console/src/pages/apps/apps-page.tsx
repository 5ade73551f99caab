import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { appsQuery, type ManagedApp } from '../../api/apps.ts'
import { consoleApp } from '../../session.ts'
import { formatDuration } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryResult } from '../../ui/query-result.tsx'
import { Cell, Table, type Columns } from '../../ui/table.tsx'
import styles from './apps.module.css'
import { CreateApp } from './create-app.tsx'

const texts = t.apps

export function AppsPage() {
  const query = useQuery(appsQuery())
  return (
    <Page title={texts.title} description={texts.description} actions={<CreateApp />}>
      <Panel flush>
        <QueryResult query={query}>
          {(apps) => <Table label={texts.title} columns={columns} rows={apps} rowId={({ id }) => id} />}
        </QueryResult>
      </Panel>
    </Page>
  )
}

function signedInFor({
  refresh_enabled,
  refresh_absolute_lifetime,
  session_timeout_length,
}: ManagedApp): string {
  if (!refresh_enabled) return texts.signInAgain(formatDuration(session_timeout_length))
  return refresh_absolute_lifetime > 0
    ? texts.upTo(formatDuration(refresh_absolute_lifetime))
    : texts.whileUsed
}

const columns: Columns<ManagedApp> = [
  {
    id: 'name',
    header: texts.columns.name,
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
    header: texts.columns.auth_origin,
    cell: ({ row: { original } }) => original.auth_origin,
  },
  {
    id: 'sessions',
    header: texts.columns.sessions,
    cell: ({ row: { original } }) => signedInFor(original),
  },
  {
    id: 'system',
    header: () => <span className="visually-hidden">{texts.system}</span>,
    cell: ({ row: { original } }) => original.id === consoleApp && <Badge>{texts.system}</Badge>,
  },
]
