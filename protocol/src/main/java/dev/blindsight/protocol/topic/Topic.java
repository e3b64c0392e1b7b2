package dev.blindsight.protocol.topic;

import java.util.Optional;

/**
 * A topic of one device: {@code blindsight/<site>/<device>/<kind>}. {@link #parse} and {@link
 * #render} undo each other.
 */
public sealed interface Topic {
  /** The first level of every topic. */
  String ROOT = "blindsight";

  /** The longest topic in characters: root, two names, the longest leaf, three slashes. */
  int LONGEST_TOPIC = 160;

  /** Whose topic it is. */
  DeviceAddress address();

  /** What it is for. */
  TopicKind kind();

  /** The topic's name as MQTT carries it. */
  default String render() {
    return ROOT + "/" + address().site() + "/" + address().device() + "/" + kind().leaf();
  }

  /** The topic of a kind for a device. */
  static Topic of(DeviceAddress address, TopicKind kind) {
    return switch (kind) {
      case STATUS -> new Status(address);
      case RESULT -> new Result(address);
      case EVENT -> new Event(address);
      case READOUT -> new Readout(address);
      case REPLY -> new Reply(address);
      case DIAGNOSTICS -> new Diagnostics(address);
      case CAPTURE -> new Capture(address);
      case CAPTURE_SET -> new CaptureSet(address);
      case MODEL -> new Model(address);
      case MODEL_STATE -> new ModelState(address);
    };
  }

  /**
   * Reads a topic's name as it arrives.
   *
   * @return empty when it is not one of ours
   */
  static Optional<Topic> parse(String name) {
    if (name.length() > LONGEST_TOPIC) {
      return Optional.empty();
    }
    String[] levels = name.split("/", 4);
    if (levels.length != 4
        || !levels[0].equals(ROOT)
        || !DeviceAddress.isName(levels[1])
        || !DeviceAddress.isName(levels[2])) {
      return Optional.empty();
    }
    for (TopicKind kind : TopicKind.values()) {
      if (kind.leaf().equals(levels[3])) {
        return Optional.of(of(new DeviceAddress(levels[1], levels[2]), kind));
      }
    }
    return Optional.empty();
  }

  /** Retained birth and last will. */
  record Status(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.STATUS;
    }
  }

  /** What was recognised, as JSON for people. */
  record Result(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.RESULT;
    }
  }

  /** What began and what ended, as JSON for people. */
  record Event(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.EVENT;
    }
  }

  /** Readout requests of the device to the workers. */
  record Readout(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.READOUT;
    }
  }

  /** Workers' replies to the device. */
  record Reply(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.REPLY;
    }
  }

  /** Counters and health. */
  record Diagnostics(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.DIAGNOSTICS;
    }
  }

  /** Whether the device captures. */
  record Capture(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.CAPTURE;
    }
  }

  /** Commands to start or stop capturing. */
  record CaptureSet(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.CAPTURE_SET;
    }
  }

  /** Retained: the model the device should run. */
  record Model(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.MODEL;
    }
  }

  /** The model the device does run. */
  record ModelState(DeviceAddress address) implements Topic {
    @Override
    public TopicKind kind() {
      return TopicKind.MODEL_STATE;
    }
  }
}
