import { assert, assertEquals } from "@std/assert";
import { listFiles } from "./_sources.ts";

/** Files without behaviour of their own. */
const EXEMPT = /(^|\/)(mod|types)\.ts$/;

/** Parts that only their neighbours use, by the test of the neighbour that proves them. */
const PROVEN_BY: Readonly<Record<string, string>> = {
  "src/cli/flag.ts": "tests/cli/flags_test.ts",
  "src/cli/commands/data_cache.ts": "tests/cli/commands/data_import_test.ts",
  "src/data/import/cache/source_record.ts": "tests/data/import/cache/cache_test.ts",
  "src/data/import/listener.ts": "tests/data/import/choose_shape_test.ts",
  "src/compare/arms/arm.ts": "tests/compare/arms/table_test.ts",
  "src/compare/result.ts": "tests/compare/summary_test.ts",
  "src/data/decoders/library.ts": "tests/data/decoders/jpeg_test.ts",
  "src/data/node_library.ts": "tests/data/readers/zip_file_test.ts",
  "src/data/pictures/job.ts": "tests/data/pictures/pool_test.ts",
  "src/data/pictures/prepare.ts": "tests/data/pictures/pool_test.ts",
  "src/data/pictures/worker.ts": "tests/data/pictures/pool_test.ts",
  "src/pipelines/pareto/result.ts": "tests/pipelines/pareto_test.ts",
  "src/pipelines/export_images.ts": "tests/pipelines/export_test.ts",
  "src/pipelines/match_classes.ts": "tests/pipelines/evaluate_test.ts",
  "src/stages/new_head.ts": "tests/pipelines/search_test.ts",
  "src/stages/finetune_stage.ts": "tests/pipelines/traditional_test.ts",
  "src/report/chart_curves.ts": "tests/report/chart_test.ts",
  "src/report/chart_heading.ts": "tests/report/chart_test.ts",
  "src/report/chart_marks.ts": "tests/report/chart_test.ts",
  "src/report/chart_timeline.ts": "tests/report/chart_test.ts",
  "src/report/html.ts": "tests/report/run_report_test.ts",
  "src/report/html_table.ts": "tests/report/run_report_test.ts",
  "src/report/lead_plot.ts": "tests/report/comparison_report_test.ts",
  "src/report/parallel_plot.ts": "tests/report/study_page_test.ts",
  "src/report/page.ts": "tests/report/run_report_test.ts",
  "src/report/style.ts": "tests/report/run_report_test.ts",
  "src/queue/board.ts": "tests/queue/server_queue_test.ts",
  "src/queue/server_connection.ts": "tests/queue/server_queue_test.ts",
  "src/queue/redis_connection.ts": "tests/queue/server_queue_test.ts",
  "src/queue/postgres_connection.ts": "tests/queue/server_queue_test.ts",
  "src/store/open_store.ts": "tests_full/sweep/store_test.ts",
  "src/store/result_store.ts": "tests/store/s3_store_test.ts",
  "src/sweep/child.ts": "tests/cli/commands/sweep_test.ts",
  "src/sweep/inputs.ts": "tests/cli/study_trials_test.ts",
  "src/cli/environment.ts": "tests/cli/commands/sweep_test.ts",
  "src/cli/study_places.ts": "tests/cli/commands/sweep_test.ts",
  "src/cli/launch.ts": "tests/cli/commands/sweep_test.ts",
  "src/cli/study_results.ts": "tests/cli/commands/sweep_test.ts",
  "src/cli/study_workers.ts": "tests/cli/commands/sweep_test.ts",
  "src/cli/commands/worker.ts": "tests/cli/commands/sweep_test.ts",
  "src/run/interrupt_worker.ts": "tests/run/interrupt_test.ts",
  "src/run/json_file.ts": "tests/run/run_directory_test.ts",
  "src/run/open_run.ts": "tests/run/run_directory_test.ts",
  "src/run/run_error.ts": "tests/run/run_directory_test.ts",
  "src/export/exporters/exporter.ts": "tests/export/exporters/table_test.ts",
  "src/export/card.ts": "tests/pipelines/export_test.ts",
  "src/export/exporters/images.ts": "tests/export/onnx/calibrate_test.ts",
  "src/export/exporters/onnx.ts": "tests/pipelines/export_rounding_test.ts",
  "src/export/exporters/rootstock.ts": "tests/pipelines/export_test.ts",
  "src/export/onnx/encode.ts": "tests/export/onnx/write_test.ts",
  "src/export/onnx/fold.ts": "tests/export/onnx/lower_test.ts",
  "src/export/onnx/graph.ts": "tests/export/onnx/lower_test.ts",
  "src/export/onnx/input_kind.ts": "tests/export/onnx/lower_test.ts",
  "src/onnx/onnx_pb.ts": "tests/export/onnx/write_test.ts",
  "src/export/onnx/session.ts": "tests/export/onnx/write_test.ts",
  "src/export/onnx/run.ts": "tests/export/onnx/calibrate_test.ts",
  "src/formats/format_error.ts": "tests/formats/safetensors_test.ts",
  "src/formats/tensor.ts": "tests/formats/safetensors_test.ts",
  "src/embed/learnt_network.ts": "tests/embed/load_test.ts",
  "src/embed/own_code.d.ts": "tests/embed/load_test.ts",
  "src/cli/compare_machines.ts": "tests_full/sweep/compare_test.ts",
  "src/cli/round_machines.ts": "tests_full/rounds/round_machines_test.ts",
  "src/spaces/nasbench201/operation.ts": "tests/spaces/nasbench201/supernet_reference_test.ts",
  "src/spaces/nasbench201/residual_block.ts": "tests/spaces/nasbench201/supernet_reference_test.ts",
  "src/spaces/nasbench201/skeleton.ts": "tests/spaces/nasbench201/supernet_reference_test.ts",
  "src/spaces/published.ts": "tests/cli/commands/nb201_test.ts",
  "src/stages/published_table.ts": "tests/cli/commands/nb201_test.ts",
  "src/spaces/trained_network.ts": "tests/zoo/model_file_test.ts",
  "src/transfer/finetuning.ts": "tests/pipelines/traditional_test.ts",
  "src/zoo/rank_zoo.ts": "tests/pipelines/select_test.ts",
};

/** The test of a source file, or the first of several: `graft_test.ts` and `graft_reference_test.ts` both mirror `graft.ts`. */
function hasMirror(source: string, tests: readonly string[]): boolean {
  const stem = source.replace(/^src\//, "tests/").replace(/\.ts$/, "");
  return tests.some((test) => test === `${stem}_test.ts` || test.startsWith(`${stem}_`));
}

Deno.test("every file in src/ has its mirror in tests/", async () => {
  const sources = (await listFiles("src/", ".ts")).filter((source) => !EXEMPT.test(source));
  assert(sources.length > 0);
  const tests = await listFiles("tests/", "_test.ts");
  const missing = sources.filter((source) => !hasMirror(source, tests) && !(source in PROVEN_BY));
  assert(missing.length === 0, `${missing.length} without a test:\n${missing.join("\n")}`);
});

Deno.test("files that a neighbour's test proves exist, and so does the test", async () => {
  const files = new Set([
    ...await listFiles("src/", ".ts"),
    ...await listFiles("tests/", "_test.ts"),
    ...await listFiles("tests_full/", "_test.ts"),
  ]);
  assertEquals(Object.entries(PROVEN_BY).flat().filter((file) => !files.has(file)), []);
});
