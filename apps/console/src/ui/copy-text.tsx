import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import styles from './copy-text.module.css'

interface CopyProps {
  readonly text: string
  /** What it is, for the button's name. */
  readonly what: string
  /** In full, and selectable: for what is shown once. */
  readonly whole?: boolean
}

/** A value that is mostly there to be copied. */
export function CopyText({ text, what, whole = false }: CopyProps) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => setCopied(true))
  return (
    <span className={`${styles['copy']} ${whole ? styles['whole'] : ''}`}>
      <code title={text}>{text}</code>
      <Button
        look="quiet"
        size="small"
        onClick={copy}
        aria-label={copied ? t.actions.copied : t.actions.copy(what)}
      >
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      </Button>
    </span>
  )
}
