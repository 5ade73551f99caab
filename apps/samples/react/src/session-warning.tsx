import { useAuthToken, useEndsIn, useSessionWarning } from '@tokenkeep/react'
import { explainStay, WARN_SECONDS } from '@tokenkeep/sample'
import { useEffect, useRef, useState } from 'react'

/** The only component that renders each second, and only while it is shown. */
const Countdown = () => <span role="timer">{useEndsIn()} seconds</span>

/** Warns before the session ends. WCAG 2.2.1: people can extend a time limit before it is over. Escape extends it too. */
export const SessionWarning = () => {
  const warning = useSessionWarning(WARN_SECONDS)
  const { signOut } = useAuthToken()
  const dialog = useRef<HTMLDialogElement>(null)
  const [problem, setProblem] = useState('')
  const isShown = warning !== undefined

  useEffect(() => {
    const { current } = dialog
    if (!isShown || !current) return undefined
    current.showModal()
    return () => {
      current.close()
      setProblem('')
    }
  }, [isShown])

  const answer = async (work: () => Promise<void>) => {
    setProblem('')
    await work().catch((error: unknown) => setProblem(explainStay(error)))
  }

  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      className="warning"
      aria-labelledby="warning-title"
      aria-describedby="warning-text"
      onCancel={(event) => {
        if (!warning?.canStay) return
        event.preventDefault()
        void answer(warning.staySignedIn)
      }}
    >
      {warning && (
        <>
          <h2 id="warning-title">Are you still there?</h2>
          <p id="warning-text">
            Your session ends in <Countdown />.{' '}
            {warning.canStay ? 'Do you want to stay signed in?' : 'Save your work, and sign in again.'}
          </p>
          {problem && (
            <p role="alert" className="problem">
              {problem}
            </p>
          )}
          {warning.canStay && (
            <button
              type="button"
              className="primary"
              data-testid="stay"
              onClick={() => void answer(warning.staySignedIn)}
            >
              Stay signed in
            </button>
          )}
          <button type="button" data-testid="leave" onClick={() => void answer(signOut)}>
            Sign out
          </button>
        </>
      )}
    </dialog>
  )
}
