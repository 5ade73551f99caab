import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from 'lucide-react'
import { formatNumber } from '../texts/format.ts'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import styles from './pager.module.css'

const texts = t.users

interface PagerProps {
  readonly page: number
  readonly limit: number
  readonly total: number
  readonly onPage: (page: number) => void
}

export function Pager({ page, limit, total, onPage }: PagerProps) {
  const last = Math.max(1, Math.ceil(total / limit))
  const from = (page - 1) * limit + 1
  const steps = [
    { name: texts.first, to: 1, Icon: ChevronFirst },
    { name: texts.previous, to: page - 1, Icon: ChevronLeft },
    { name: texts.next, to: page + 1, Icon: ChevronRight },
    { name: texts.last, to: last, Icon: ChevronLast },
  ]
  return (
    <div className={styles['pager']}>
      <span aria-live="polite">
        {texts.range(
          formatNumber(from),
          formatNumber(Math.min(from + limit - 1, total)),
          formatNumber(total),
        )}
      </span>
      {steps.map(({ name, to, Icon }) => (
        <Button
          key={name}
          variant="quiet"
          size="small"
          aria-label={name}
          focusableWhenDisabled
          disabled={to < 1 || to > last || to === page}
          onClick={() => onPage(to)}
        >
          <Icon aria-hidden />
        </Button>
      ))}
    </div>
  )
}
