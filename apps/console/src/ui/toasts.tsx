import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useCallback, type ReactNode } from 'react'
import { t } from '../texts/index.ts'
import styles from './toasts.module.css'

interface ToastOptions {
  readonly title: string
  readonly tone: 'good' | 'bad'
}

/** Returns a function that shows a toast. */
export function useToast(): (toast: ToastOptions) => void {
  const { add } = Toast.useToastManager()
  return useCallback(
    ({ title, tone }) => {
      add({ title, type: tone, priority: tone === 'bad' ? 'high' : 'low' })
    },
    [add],
  )
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={styles['viewport']}>
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function List() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles['toast']}>
      <Toast.Content className={styles['content']}>
        {toast.type === 'bad' ? <CircleAlert aria-hidden /> : <CircleCheck aria-hidden />}
        <Toast.Title className={styles['title']} />
        <Toast.Close className={styles['close']} aria-label={t.actions.dismiss}>
          <X aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
