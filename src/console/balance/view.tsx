export function BalanceView() {
  return <h1>Balance</h1>
}
