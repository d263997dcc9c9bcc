// What the pages need of Apache ECharts, and no more: bars, lines, plain axes, drawing as SVG.
// No tooltip: it writes inline styles, which the content security policy forbids; charts carry direct labels.
import { BarChart, LineChart, SankeyChart } from "echarts/charts";
import { GridSimpleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, SankeyChart, GridSimpleComponent, SVGRenderer]);

globalThis.echarts = { init };
