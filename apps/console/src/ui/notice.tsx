import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './notice.module.css'

const icons = { bad: CircleAlert, warning: TriangleAlert, neutral: Info } as const

interface NoticeProps {
  readonly tone?: keyof typeof icons
  readonly children: ReactNode
}

export function Notice({ tone = 'neutral', children }: NoticeProps) {
  const Icon = icons[tone]
  return (
    <div className={`${styles['notice']} ${styles[tone]}`}>
      <Icon aria-hidden />
      <div>{children}</div>
    </div>
  )
}
