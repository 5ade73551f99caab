import { Button as Base } from '@base-ui/react/button'
import type { ComponentProps } from 'react'
import styles from './button.module.css'

export interface ButtonProps extends ComponentProps<typeof Base> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet'
  readonly size?: 'small' | 'medium'
}

/** The class of a button, for what only looks like one. */
export const buttonClass = (
  look: ButtonProps['look'] = 'plain',
  size: ButtonProps['size'] = 'medium',
): string => `${styles['button']} ${styles[look]} ${styles[size]}`

export function Button({ look = 'plain', size = 'medium', className, ...props }: ButtonProps) {
  return <Base className={`${buttonClass(look, size)} ${className ?? ''}`} {...props} />
}
