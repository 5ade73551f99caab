import { useState } from 'react'
import { errorMessage } from '../../api/error-message.ts'
import { createApiKey } from '../../api/keys.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

const texts = t.keys.api

/** Creates an API key and shows its secret once. */
export function CreateApiKey({ app }: { readonly app: string }) {
  const [name, setName] = useState('')
  const create = useApiMutation({
    mutationFn: (named: string) => createApiKey(app, named),
    hideErrorToast: true,
  })
  const secret = create.data?.secret
  return (
    <FormDialog
      action={texts.create}
      title={secret ? texts.secretTitle : texts.createTitle}
      description={secret && texts.secretText}
      ready={name.trim() !== '' && !create.isPending}
      onSubmit={() => create.mutate(name.trim())}
      onReset={() => {
        setName('')
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
    </FormDialog>
  )
}
