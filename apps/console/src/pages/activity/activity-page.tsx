import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { t } from '../../texts/index.ts'
import { Page } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { AuditTrail } from './audit-trail.tsx'
import { Charts } from './charts.tsx'
import { ranges, type ActivitySearch } from './search.ts'
import { windowOf } from './time-window.ts'

const route = getRouteApi('/apps/$app/activity')
const words = t.activity

export function ActivityPage() {
  const { app } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { range = '24h', ...filter } = search
  const show = (next: Partial<ActivitySearch>): void =>
    void navigate({ search: { ...search, ...next }, replace: true })
  const window = useMemo(() => windowOf(range), [range])
  return (
    <Page
      title={words.title}
      description={words.description}
      actions={
        <Select
          label={words.range}
          choices={ranges.map((value) => ({ value, label: words.ranges[value] }))}
          value={range}
          onChange={(next) => show({ range: next })}
        />
      }
    >
      <Charts app={app} window={window} />
      <AuditTrail app={app} from={window.from} filter={filter} onChange={show} />
    </Page>
  )
}
