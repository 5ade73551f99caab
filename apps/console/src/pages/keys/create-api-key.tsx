import { useState } from 'react'
import { explain } from '../../api/error-message.ts'
import { createApiKey } from '../../api/keys.ts'
import { useChange } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

const words = t.keys.api

/** Makes an API key, and shows its secret: once, and nowhere else. */
export function CreateApiKey({ app }: { readonly app: string }) {
  const [name, setName] = useState('')
  const create = useChange({ run: (named: string) => createApiKey(app, named), quiet: true })
  const secret = create.data?.secret
  return (
    <FormDialog
      action={words.create}
      title={secret ? words.secretTitle : words.createTitle}
      description={secret && words.secretText}
      ready={name.trim() !== '' && !create.isPending}
      onSubmit={() => create.mutate(name.trim())}
      onReset={() => {
        setName('')
        create.reset()
      }}
      result={
        secret === undefined
          ? undefined
          : { shown: <CopyText whole text={secret} what={words.secret} />, close: words.copied }
      }
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={name}
        onChange={setName}
        error={create.error ? explain(create.error) : undefined}
        maxLength={100}
        autoComplete="off"
        required
      />
    </FormDialog>
  )
}
