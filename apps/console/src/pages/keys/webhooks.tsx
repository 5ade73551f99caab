import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { errorMessage } from '../../api/error-message.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import {
  createWebhook,
  deleteWebhook,
  deliveriesQuery,
  webhooksQuery,
  type Webhook,
} from '../../api/webhooks.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, QueryResult } from '../../ui/query-result.tsx'
import { Table, type Columns } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const texts = t.keys.webhooks

/** Lists the webhooks of an app, each with its last delivery. */
export function Webhooks({ app }: { readonly app: string }) {
  const query = useQuery(webhooksQuery(app))
  const columns = useMemo(() => columnsFor(app), [app])
  return (
    <Panel title={texts.title} description={texts.description} flush actions={<CreateWebhook app={app} />}>
      <QueryResult query={query}>
        {(webhooks) =>
          webhooks.length > 0 ? (
            <Table label={texts.title} columns={columns} rows={webhooks} rowId={({ id }) => id} />
          ) : (
            <EmptyState title={texts.empty}>{texts.emptyText}</EmptyState>
          )
        }
      </QueryResult>
    </Panel>
  )
}

const columnsFor = (app: string): Columns<Webhook> => [
  { id: 'url', header: texts.columns.url, cell: ({ row: { original } }) => <code>{original.url}</code> },
  {
    id: 'last',
    header: texts.columns.last,
    cell: ({ row: { original } }) => <LastDelivery app={app} webhook={original} />,
  },
  {
    id: 'actions',
    header: () => <span className="visually-hidden">{texts.remove}</span>,
    cell: ({ row: { original } }) => <DeleteWebhook app={app} webhook={original} />,
  },
]

function LastDelivery({ app, webhook: { id, active } }: { readonly app: string; readonly webhook: Webhook }) {
  const { data } = useQuery(deliveriesQuery(app, id))
  const last = data?.[0]
  if (!active) return texts.gone
  if (!last) return data && texts.none
  const { state, status, error, last_attempt_at: at } = last
  return (
    <>
      {texts.states[state]} {status ?? error} {at !== undefined && <Time at={at} />}
    </>
  )
}

/** Creates a webhook and shows its secret once. */
function CreateWebhook({ app }: { readonly app: string }) {
  const [url, setUrl] = useState('')
  const create = useApiMutation({
    mutationFn: (to: string) => createWebhook(app, to),
    hideErrorToast: true,
  })
  const secret = create.data?.secret
  return (
    <FormDialog
      action={texts.create}
      title={secret ? texts.secretTitle : texts.createTitle}
      description={secret && texts.secretText}
      ready={url.trim() !== '' && !create.isPending}
      onSubmit={() => create.mutate(url.trim())}
      onReset={() => {
        setUrl('')
        create.reset()
      }}
      result={
        secret === undefined
          ? undefined
          : { content: <CopyText whole text={secret} what={texts.secret} />, close: t.keys.api.copied }
      }
    >
      <TextField
        label={texts.url}
        hint={texts.urlHint}
        type="url"
        value={url}
        onChange={setUrl}
        error={create.error ? errorMessage(create.error) : undefined}
        autoComplete="off"
        required
      />
    </FormDialog>
  )
}

function DeleteWebhook({ app, webhook: { id, url } }: { readonly app: string; readonly webhook: Webhook }) {
  const remove = useApiMutation({ mutationFn: () => deleteWebhook(app, id), successMessage: texts.removed })
  return (
    <Confirm
      trigger={
        <Button size="small" aria-label={texts.removeNamed(url)}>
          {texts.remove}
        </Button>
      }
      title={texts.removeTitle}
      action={texts.remove}
      onConfirm={() => remove.mutate(undefined)}
    >
      {texts.removeText}
    </Confirm>
  )
}
