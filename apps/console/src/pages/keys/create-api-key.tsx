import { useState } from 'react'
import { errorMessage } from '../../api/error-message.ts'
import { createApiKey } from '../../api/keys.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { allGrants, GrantsFields } from './grants.tsx'

const texts = t.keys.api

/** Creates an API key and shows its secret once. */
export function CreateApiKey({ app }: { readonly app: string }) {
  const [name, setName] = useState('')
  const [grants, setGrants] = useState(allGrants)
  const create = useApiMutation({
    mutationFn: (named: string) =>
      createApiKey(app, {
        name: named,
        scopes: [...grants.scopes],
        expires_in: grants.lifetime === 'never' ? null : Number(grants.lifetime),
        addresses: grants.addresses.split(/[\s,]+/).filter(Boolean),
      }),
    hideErrorToast: true,
  })
  const secret = create.data?.secret
  return (
    <FormDialog
      action={texts.create}
      title={secret ? texts.secretTitle : texts.createTitle}
      description={secret && texts.secretText}
      ready={name.trim() !== '' && grants.scopes.length > 0 && !create.isPending}
      onSubmit={() => create.mutate(name.trim())}
      onReset={() => {
        setName('')
        setGrants(allGrants)
        create.reset()
      }}
      result={
        secret === undefined
          ? undefined
          : { content: <CopyText whole text={secret} what={texts.secret} />, close: texts.copied }
      }
    >
      <TextField
        label={texts.name}
        hint={texts.nameHint}
        value={name}
        onChange={setName}
        error={create.error ? errorMessage(create.error) : undefined}
        maxLength={100}
        autoComplete="off"
        required
      />
      <GrantsFields grants={grants} onChange={setGrants} />
    </FormDialog>
  )
}
