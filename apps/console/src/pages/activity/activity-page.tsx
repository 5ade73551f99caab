import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { t } from '../../texts/index.ts'
import { Page } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { AuditTrail } from './audit-trail.tsx'
import { Charts } from './charts.tsx'
import { ranges, type ActivitySearch } from './search.ts'
import { timeWindowOf } from './time-window.ts'

const route = getRouteApi('/apps/$app/activity')
const texts = t.activity

export function ActivityPage() {
  const { app } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { range = '24h', ...filter } = search
  const updateSearch = (next: Partial<ActivitySearch>): void =>
    void navigate({ search: { ...search, ...next }, replace: true })
  const currentWindow = useMemo(() => timeWindowOf(range), [range])
  return (
    <Page
      title={texts.title}
      description={texts.description}
      actions={
        <Select
          label={texts.range}
          choices={ranges.map((value) => ({ value, label: texts.ranges[value] }))}
          value={range}
          onChange={(next) => updateSearch({ range: next })}
        />
      }
    >
      <Charts app={app} timeWindow={currentWindow} />
      <AuditTrail app={app} from={currentWindow.from} filter={filter} onChange={updateSearch} />
    </Page>
  )
}
