import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { allEvents, type Event, type EventsParams } from '../../api/activity.ts'
import { errorMessage } from '../../api/error-message.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toasts.tsx'

interface ExportEventsProps {
  readonly app: string
  readonly params: Omit<EventsParams, 'limit'>
}

/** Exports all events that match the filter, not only the ones on screen. */
export function ExportEvents({ app, params }: ExportEventsProps) {
  const toast = useToast()
  const save = useMutation({
    mutationFn: async () =>
      download(`${app}-events.csv`, await csvOf(await allEvents(app, { ...params, limit: 500 }))),
    onError: (error) => toast({ title: errorMessage(error), tone: 'bad' }),
  })
  return (
    <Button size="small" disabled={save.isPending} onClick={() => save.mutate()}>
      <Download aria-hidden />
      {t.audit.exportCsv}
    </Button>
  )
}

const columns = [
  'at',
  'type',
  'identifier',
  'user_id',
  'session_id',
  'actor',
  'actor_name',
  'ip',
  'user_agent',
  'request_id',
  'data',
  'id',
] as const

async function csvOf(events: readonly Event[]): Promise<string> {
  const { unparse } = await import('papaparse')
  const rows = events.map(({ at, data, ...event }) => ({
    ...event,
    at: new Date(at * 1000).toISOString(),
    data: data && JSON.stringify(data),
  }))
  // Spreadsheets run a cell that starts with = as a formula.
  return unparse(rows, { columns: [...columns], escapeFormulae: true })
}

function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
