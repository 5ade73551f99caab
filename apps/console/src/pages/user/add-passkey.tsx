import { createPasskeys } from '@tokenkeep/elements'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { auth, consoleApp, server } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'

const texts = t.user.passkeys
const passkeys = createPasskeys({ server, appId: consoleApp })

/** Adds a passkey to the admin who is signed in. */
export function AddPasskey() {
  const add = useApiMutation({
    mutationFn: async () => passkeys.add(await auth.getAuthToken()),
    successMessage: texts.added,
  })
  return (
    <Button disabled={add.isPending} onClick={() => add.mutate(undefined)}>
      {texts.add}
    </Button>
  )
}
