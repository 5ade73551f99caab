// @vitest-environment jsdom
import '@angular/compiler'
import { Component, provideZonelessChangeDetection } from '@angular/core'
import { getTestBed, TestBed } from '@angular/core/testing'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { injectAuthToken, provideAuthToken } from '@tokenkeep/angular'
import { createFakeTokenManager, signedOut } from '@tokenkeep/testing'
import { expect, test } from 'vitest'

getTestBed().initTestEnvironment(BrowserTestingModule, platformBrowserTesting())

@Component({
  template: `
    @if (auth.state().status === 'signed-out') {
      Please sign in
    } @else {
      <button type="button" (click)="auth.signOut()">Sign out</button>
    }
  `,
})
class Greeting {
  readonly auth = injectAuthToken()
}

test('the greeting asks a signed-out person to sign in', async () => {
  const auth = createFakeTokenManager()
  TestBed.configureTestingModule({
    providers: [provideZonelessChangeDetection(), provideAuthToken({ manager: auth })],
  })
  const fixture = TestBed.createComponent(Greeting)
  await fixture.whenStable()
  fixture.nativeElement.querySelector('button').click()
  await fixture.whenStable()
  expect(auth.get()).toEqual(signedOut('signed-out'))
  expect(fixture.nativeElement.textContent.trim()).toBe('Please sign in')
})
