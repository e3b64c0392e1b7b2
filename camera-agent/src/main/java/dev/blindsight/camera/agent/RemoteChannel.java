package dev.blindsight.camera.agent;

import dev.blindsight.camera.spool.PrivateFolder;
import dev.blindsight.camera.spool.SpoolCodec;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.file.Path;
import java.time.InstantSource;

/** How a device's requests travel to workers, and in what folder they wait. */
public sealed interface RemoteChannel extends AutoCloseable permits PlainChannel, SealedChannel {

  /**
   * A channel that seals what leaves the device and what waits on its disk.
   *
   * @param secret may be closed afterwards
   * @param epoch which of the secret's keys seal, at least 1
   * @param state the agent's own folder, made when it is not there
   * @param clock tells workers when a request is sent
   * @throws UserError when the folder cannot be made
   */
  static RemoteChannel sealed(
      DeviceSecret secret, DeviceAddress device, int epoch, Path state, InstantSource clock) {
    return SealedChannel.open(secret, device, epoch, PrivateFolder.make(state), clock);
  }

  /**
   * A channel that shows everybody on the network and the broker what is in a readout.
   *
   * @param state the agent's own folder, made when it is not there
   * @throws UserError when the folder cannot be made
   */
  static RemoteChannel plain(Path state) {
    return new PlainChannel(PrivateFolder.make(state));
  }

  /** The agent's own folder. */
  Path state();

  /** The MQTT content type of a request on its own. */
  String contentType();

  /** Whether requests may travel together ({@link SealedBatchCodec}). */
  boolean batches();

  /**
   * A request's bytes for one transmission: no two are the same.
   *
   * @throws UserError when it cannot be sealed now; later it may
   */
  byte[] encode(ReadoutRequest request);

  /** Reads what came on the reply topic. */
  Reception receive(byte[] payload);

  /** How requests look on the disk. */
  SpoolCodec atRest();

  /** Overwrites keys. */
  @Override
  void close();

  /** What a payload on the reply topic turned out to be. */
  sealed interface Reception {
    /** A worker's reply. */
    record Genuine(ClassificationReply reply) implements Reception {}

    /**
     * A refusal that anybody could have sent: for people to see, and not to act upon.
     *
     * @param detail one line
     */
    record Hint(String detail) implements Reception {}

    /**
     * Nothing for this device.
     *
     * @param reason one line
     */
    record Rejected(String reason) implements Reception {}
  }
}
