import { createAccount } from '@tokenkeep/elements'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { auth, consoleApp, server } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'

const texts = t.user.passkeys
const account = createAccount({ server, appId: consoleApp, manager: auth })

/** Adds a passkey to the admin who is signed in. */
export function AddPasskey() {
  const add = useApiMutation({
    mutationFn: () => account.passkeys.add(),
    successMessage: texts.added,
  })
  return (
    <Button disabled={add.isPending} onClick={() => add.mutate(undefined)}>
      {texts.add}
    </Button>
  )
}
