import { isAxiosError, type AxiosInstance } from 'axios'
import { isTokenError } from '@tokenkeep/react'
import { useState } from 'react'

/** Calls an API that responds with 401 to a token in the second half of its life. The adapter refreshes and sends the request again. */
export const ClientPage = ({ client }: { client: AxiosInstance }) => {
  const [dish, setDish] = useState('Pancakes')
  const [answer, setAnswer] = useState('')

  const order = async () => {
    setAnswer('…')
    try {
      const { status, data } = await client.post<unknown>('/orders', { dish })
      setAnswer(`${status} ${JSON.stringify(data)}`)
    } catch (error) {
      if (isTokenError(error)) setAnswer(`nothing sent: ${error.code}`)
      else if (isAxiosError<{ code?: string }>(error))
        setAnswer(`${error.response?.status ?? 'no answer'} ${error.response?.data.code ?? ''}`)
      else throw error
    }
  }

  return (
    <main className="sheet">
      <div>
        <h1>axios</h1>
        <p className="lead">
          This API accepts orders only with a token in the first half of its life. Otherwise it responds with
          401. The adapter then refreshes the token and sends the order again.
        </p>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void order()
        }}
      >
        <label htmlFor="dish">Dish</label>
        <input id="dish" data-testid="dish" value={dish} onChange={(event) => setDish(event.target.value)} />
        <button type="submit" className="primary" data-testid="order">
          Order
        </button>
      </form>
      <output className="answer" data-testid="answer">
        {answer}
      </output>
    </main>
  )
}
