import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { duration, shortCount, UNKNOWN } from '../format.ts'
import { useStore } from '../live/store.ts'
import { HISTORY_MS, type TimeSeries } from '../live/time-series.ts'
import { theme } from '../theme.ts'

/** A line of a chart. */
export interface Line {
  readonly label: string
  /** The name of a CSS custom property: `appended` for `--appended`. */
  readonly colour: string
  values(series: TimeSeries): (number | null)[]
}

export function rateOf(name: string, label: string, colour = name): Line {
  return { label, colour, values: (series) => series.rates(name) }
}
export function levelOf(name: string, label: string, colour = name): Line {
  return { label, colour, values: (series) => series.values(name) }
}

interface ChartProps {
  readonly title: string
  /** What the lines measure. */
  readonly unit: string
  readonly series: TimeSeries
  readonly lines: readonly Line[]
  readonly height?: number
  /** Whether the values are durations, in milliseconds. */
  readonly isOfTime?: boolean
}

/** A chart covers at least this much time, so that its first lines do not jump. */
const MIN_SPAN_SECONDS = 60

/** Lines over the last 15 minutes, or since the first sample. */
export function Chart({ title, unit, series, lines, height = 132, isOfTime = false }: ChartProps) {
  const format = isOfTime ? duration : shortCount
  const shown = useStore(theme)
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const data = [series.seconds(), ...lines.map((line) => line.values(series))] as uPlot.AlignedData
  const labels = lines.map(({ label, colour }) => `${label}:${colour}`).join()

  useEffect(() => {
    const { current } = frame
    if (current === null) return
    const made = new uPlot(optionsOf(current, lines, { height, format, isOfTime }), data, current)
    plot.current = made
    const resizing = new ResizeObserver(() => made.setSize({ width: current.clientWidth, height }))
    resizing.observe(current)
    return () => {
      resizing.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [shown, labels, height])
  useEffect(() => plot.current?.setData(data))

  const last = data.slice(1).map((values) => values.at(-1) ?? null)
  const isKnown = data.slice(1).some((values) => [...values].some((value) => value !== null))
  const summary = lines.map(({ label }, index) => `${label} ${text(last[index], format)}`).join(', ')
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">
          {title} <small>{unit}</small>
        </span>
        {/* A single line that is named like the chart needs no legend. */}
        <span class="legend" hidden={lines.length === 1 && lines[0]?.label === title}>
          {lines.map(({ label, colour }, index) => (
            <span key={label} class="legend-item">
              <i style={{ background: `var(--${colour})` }} />
              {label} <b>{text(last[index], format)}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div
        class="plot"
        ref={frame}
        style={{ height: `${height}px` }}
        role="img"
        aria-label={`${title}, ${unit}: ${summary}`}
      />
      {!isKnown && <p class="plot-empty">No data yet. A rate needs two polls.</p>}
    </figure>
  )
}

function text(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? UNKNOWN : format(Math.round(value))
}

function optionsOf(
  frame: HTMLElement,
  lines: readonly Line[],
  { height, format, isOfTime }: { height: number; format: (value: number) => string; isOfTime: boolean }
): uPlot.Options {
  const style = getComputedStyle(frame)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const axis = { stroke: colour('soft'), font: '11px system-ui, sans-serif', ticks: { show: false } }
  return {
    width: frame.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    padding: [8, 16, 0, 0],
    scales: {
      x: {
        time: true,
        range: (_plot, min, max) => {
          const span = Math.max(MIN_SPAN_SECONDS, Math.min(HISTORY_MS / 1000, (max ?? 0) - (min ?? 0)))
          const end = max ?? Date.now() / 1000
          return [end - span, end]
        }
      },
      y: { range: (_plot, _min, max) => [0, Math.max(4, (max ?? 0) * 1.1)] }
    },
    axes: [
      { ...axis, grid: { show: false }, size: 24, space: 84, values: (_plot, splits) => splits.map(clock) },
      {
        ...axis,
        size: 52,
        grid: { stroke: colour('line'), width: 1 },
        splits: (_plot, _axis, _min, max) => roundSteps(max, isOfTime),
        values: (_plot, splits) => splits.map((split) => format(split))
      }
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.label,
        stroke: colour(line.colour),
        width: 2,
        points: { show: false },
        ...(lines.length === 1 && { fill: `${colour(line.colour)}22` })
      }))
    ]
  }
}

function clock(second: number): string {
  const at = new Date(second * 1000)
  const two = (value: number) => `${value}`.padStart(2, '0')
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  return at.getSeconds() === 0 ? time : `${time}:${two(at.getSeconds())}`
}

/** Round steps for an axis of durations. */
const TIME_STEPS_MS = [
  1, 5, 20, 100, 500, 2000, 5000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000
]
const DAY_MS = 86_400_000

/** The marks of an axis: from 0 to the maximum, in at most four round steps. */
function roundSteps(max: number, isOfTime: boolean): number[] {
  const raw = max / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = isOfTime
    ? (TIME_STEPS_MS.find((ms) => ms >= raw) ?? Math.ceil(raw / DAY_MS) * DAY_MS)
    : Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power)
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, index) => index * step)
}
