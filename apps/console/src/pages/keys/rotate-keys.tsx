import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { algorithms, rotate, type SigningAlgorithm } from '../../api/keys.ts'
import { useChange } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './keys.module.css'

const words = t.keys.signing

export function Rotate({ app, alg }: { readonly app: string; readonly alg: SigningAlgorithm }) {
  const [open, setOpen] = useState(false)
  const [chosen, choose] = useState<SigningAlgorithm>()
  const turn = useChange({ run: (next: SigningAlgorithm) => rotate(app, next), done: words.rotated })
  const confirm = (): void => {
    turn.mutate(chosen ?? alg)
    setOpen(false)
  }
  return (
    <>
      <Button onClick={() => setOpen(true)} disabled={turn.isPending}>
        <RefreshCw aria-hidden />
        {words.rotate}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={words.rotateTitle} description={words.rotateText}>
        <div className={styles['choice']}>
          <span>{words.algorithm}</span>
          <Select
            label={words.algorithm}
            choices={algorithms.map((value) => ({ value, label: value }))}
            value={chosen ?? alg}
            onChange={choose}
          />
        </div>
        <DialogActions>
          <Button look="quiet" onClick={() => setOpen(false)}>
            {t.actions.cancel}
          </Button>
          <Button look="primary" onClick={confirm}>
            {words.rotate}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
