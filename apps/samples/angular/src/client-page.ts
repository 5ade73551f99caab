import { HttpClient, HttpErrorResponse } from '@angular/common/http'
import { Component, inject, signal } from '@angular/core'
import { isTokenError } from '@tokenkeep/angular'
import { firstValueFrom } from 'rxjs'

/** Calls an API that responds with 401 to a token in the second half of its life. The adapter refreshes and sends the request again. */
@Component({
  selector: 'main[tk-client-page]',
  host: { class: 'sheet' },
  template: `
    <div>
      <h1>HttpClient</h1>
      <p class="lead">
        This API accepts orders only with a token in the first half of its life. Otherwise it responds with
        401. The interceptor then refreshes the token and sends the order again.
      </p>
    </div>
    <form (submit)="$event.preventDefault(); order(dish.value)">
      <label for="dish">Dish</label>
      <input #dish id="dish" data-testid="dish" value="Pancakes" />
      <button type="submit" class="primary" data-testid="order">Order</button>
    </form>
    <output class="answer" data-testid="answer">{{ answer() }}</output>
  `,
})
export class ClientPage {
  readonly #http = inject(HttpClient)
  readonly answer = signal('')

  async order(dish: string) {
    this.answer.set('…')
    try {
      const order = this.#http.post('/api/orders', { dish }, { observe: 'response' })
      const { status, body } = await firstValueFrom(order)
      this.answer.set(`${status} ${JSON.stringify(body)}`)
    } catch (error) {
      if (isTokenError(error)) this.answer.set(`nothing sent: ${error.code}`)
      else if (error instanceof HttpErrorResponse)
        this.answer.set(`${error.status || 'no answer'} ${error.error?.code ?? ''}`)
      else throw error
    }
  }
}
