import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { algorithms, rotate, type SigningAlgorithm } from '../../api/keys.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import styles from './keys.module.css'

const texts = t.keys.signing

export function RotateKeys({ app, alg }: { readonly app: string; readonly alg: SigningAlgorithm }) {
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<SigningAlgorithm>()
  const [stolen, setStolen] = useState(false)
  const rotation = useApiMutation({
    mutationFn: (next: SigningAlgorithm) => rotate(app, next, stolen),
    successMessage: texts.rotated,
  })
  const confirm = (): void => {
    rotation.mutate(chosen ?? alg)
    setStolen(false)
    setOpen(false)
  }
  return (
    <>
      <Button onClick={() => setOpen(true)} disabled={rotation.isPending}>
        <RefreshCw aria-hidden />
        {texts.rotate}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={texts.rotateTitle} description={texts.rotateText}>
        <div className={styles['choice']}>
          <span>{texts.algorithm}</span>
          <Select
            label={texts.algorithm}
            choices={algorithms.map((value) => ({ value, label: value }))}
            value={chosen ?? alg}
            onChange={setChosen}
          />
        </div>
        <Switch label={texts.stolen} description={texts.stolenHint} checked={stolen} onChange={setStolen} />
        <DialogActions>
          <Button variant="quiet" onClick={() => setOpen(false)}>
            {t.actions.cancel}
          </Button>
          <Button variant="primary" onClick={confirm}>
            {texts.rotate}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
