import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import styles from './copy-text.module.css'

interface CopyProps {
  readonly text: string
  /** The name of the value, for the label of the button. */
  readonly what: string
  /** Shows the whole text instead of cutting it off. Use it for a secret that is shown only once. */
  readonly whole?: boolean
}

/** Shows a value and a button that copies it. */
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
        variant="quiet"
        size="small"
        onClick={copy}
        aria-label={copied ? t.actions.copied : t.actions.copy(what)}
      >
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      </Button>
    </span>
  )
}
