import type { AccountPasskey } from './account.ts'
import type { Wording } from './account-row.ts'
import { createSection, type Message } from './account-section.ts'
import { focusedIn } from './focus.ts'
import { createElement } from './form.ts'
import { createPasskeyRow, type PasskeyActions } from './passkey-row.ts'
import { createSessionRow, type ShownSession } from './session-row.ts'

/** What belongs to the user who is signed in. */
export interface AccountLists {
  readonly passkeys: readonly AccountPasskey[]
  readonly sessions: readonly ShownSession[]
}

/** Everything that the element shows. */
export interface AccountState {
  /** Absent until they have been loaded. */
  readonly lists?: AccountLists | undefined
  /** Whether nobody is signed in. */
  readonly isSignedOut?: boolean
  /** Whether a change, or the first load, is under way. */
  readonly isBusy?: boolean
  /** Why the lists could not be loaded. */
  readonly error?: string | undefined
  /** What happened last, and in which section. */
  readonly message?: (Message & { readonly section: keyof AccountLists }) | undefined
}

export interface AccountActions extends PasskeyActions {
  add(): void
  end(id: string): void
  endOthers(): void
  retry(): void
}

export interface AccountView {
  readonly root: HTMLElement
  show(state: AccountState, wording: Wording & { readonly language: string }): void
}

/** Creates the page of an account. */
export function createAccountView(actions: AccountActions): AccountView {
  const root = createElement('div', 'account')
  const status = createElement('p', 'status', { role: 'status', tabindex: '-1' })
  const failure = createElement('div', 'failure')
  const error = createElement('p', 'error', { role: 'alert' })
  const retry = createElement('button', 'button small', { type: 'button' })
  const passkeys = createSection(
    () => actions.add(),
    () => createPasskeyRow(actions),
  )
  const sessions = createSection(
    () => actions.endOthers(),
    () => createSessionRow((id) => actions.end(id)),
  )
  retry.addEventListener('click', () => actions.retry())
  failure.append(error, retry)
  root.append(status, failure, passkeys.root, sessions.root)

  return {
    root,
    show({ lists, isSignedOut, isBusy = false, error: reason, message }, { language, ...wording }) {
      const { texts } = wording
      root.lang = language
      root.setAttribute('aria-busy', `${isBusy}`)
      status.textContent = isSignedOut ? texts.signedOut : !lists && isBusy ? texts.loading : ''
      failure.hidden = !reason
      error.textContent = reason ?? ''
      retry.textContent = texts.retry
      const own = lists?.passkeys ?? []
      const hasOthers = lists?.sessions.some(({ current }) => !current) ?? false
      passkeys.show(
        {
          title: texts.passkeys,
          hint: [texts.noPasskeyHint, texts.onlyPasskeyHint][own.length] ?? texts.passkeysHint,
          action: texts.addPasskey,
          items: own.map((passkey) => ({ ...passkey, isOnly: own.length === 1 })),
          message: message?.section === 'passkeys' ? message : undefined,
        },
        wording,
      )
      sessions.show(
        {
          title: texts.sessions,
          hint: texts.sessionsHint,
          action: hasOthers ? texts.endOthers : undefined,
          items: lists?.sessions ?? [],
          message: message?.section === 'sessions' ? message : undefined,
        },
        wording,
      )
      passkeys.root.hidden = sessions.root.hidden = !lists
      // `disabled` would take the focus from the button.
      for (const button of root.querySelectorAll('button')) button.setAttribute('aria-disabled', `${isBusy}`)
      // A part that is hidden loses the focus to the page.
      const focused = focusedIn(root)
      const hidden = [failure, passkeys.root, sessions.root].filter((part) => part.hidden)
      if (hidden.some((part) => part.contains(focused))) status.focus()
    },
  }
}
