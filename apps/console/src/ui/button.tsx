import { Button as Base } from '@base-ui/react/button'
import type { ComponentProps } from 'react'
import styles from './button.module.css'

export interface ButtonProps extends ComponentProps<typeof Base> {
  readonly variant?: 'plain' | 'primary' | 'danger' | 'quiet'
  readonly size?: 'small' | 'medium'
}

/** Returns the class of a button, for a link that looks like one. */
export const buttonClass = (
  variant: ButtonProps['variant'] = 'plain',
  size: ButtonProps['size'] = 'medium',
): string => `${styles['button']} ${styles[variant]} ${styles[size]}`

export function Button({ variant = 'plain', size = 'medium', className, ...props }: ButtonProps) {
  return <Base className={`${buttonClass(variant, size)} ${className ?? ''}`} {...props} />
}
