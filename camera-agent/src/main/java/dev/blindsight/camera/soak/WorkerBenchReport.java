package dev.blindsight.camera.soak;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does beside what its session does when it is called directly.
 *
 * @param broker which broker it was
 * @param model the model's name
 * @param readoutBytes length of a readout
 * @param threads inferences at a time
 * @param batch readouts in one run of the session
 * @param devices that asked
 * @param window of each: requests on their way
 * @param together requests in a message
 * @param rounds in which the two took turns
 * @param directPerSecond readouts a second of the session, called by as many threads: the median
 *     over the turns
 * @param workerPerSecond answers a second over MQTT: the median over the turns
 * @param share the worker's rate over the mean of the session's before and after: the median over
 *     the rounds
 * @param shareLow of the rounds' shares, the one that a quarter does not reach
 * @param shareHigh the one that a quarter exceeds
 * @param answered answers that came over MQTT, the warm-up included
 * @param wrong of those, not what the model says
 * @param workerCpuMs processor time of the worker for each answer, in milliseconds; null where the
 *     system does not tell
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record WorkerBenchReport(
    BrokerKind broker,
    String model,
    int readoutBytes,
    int threads,
    int batch,
    int devices,
    int window,
    int together,
    int rounds,
    double directPerSecond,
    double workerPerSecond,
    double share,
    double shareLow,
    double shareHigh,
    long answered,
    long wrong,
    @Nullable Double workerCpuMs) {}
