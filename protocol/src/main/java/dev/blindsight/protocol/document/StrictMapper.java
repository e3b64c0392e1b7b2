package dev.blindsight.protocol.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Binds JSON or YAML documents to records, and refuses whatever the records do not say.
 *
 * <p>Keys are the components' names in snake case, enum constants are in lower case. A component is
 * required unless it is marked {@code @Nullable}. Unknown and repeated keys, text where a number
 * belongs or the reverse, fractions where a whole number belongs and trailing content are errors.
 * Every error is a {@link UserError} of one line: the document, the field, what is wrong, how to
 * mend it; an unknown key comes with the nearest known one. A {@link UserError} that a record's
 * constructor throws gets document and field put in front.
 */
public final class StrictMapper {
  /** The longest document read, in characters. */
  public static final int LONGEST_DOCUMENT = 8 << 20;

  private static final int DEEPEST_NESTING = 32;
  private static final StrictMapper JSON = json(StreamReadConstraints.builder());

  private final ObjectMapper mapper;

  private StrictMapper(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** The mapper of JSON. */
  public static StrictMapper json() {
    return JSON;
  }

  /**
   * A mapper of another format, as {@code StrictMapper.over(YAMLMapper.builder())}.
   *
   * @param builder of that format's mapper; its settings are overridden where they are lax
   */
  public static StrictMapper over(MapperBuilder<?, ?> builder) {
    return new StrictMapper(
        builder
            .annotationIntrospector(new RecordComponentIntrospector())
            .changeDefaultPropertyInclusion(
                inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .propertyNamingStrategy(SnakeCase.NAMING)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(LogicalType.Textual, StrictMapper::refuseNumbers)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS, EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
            .disable(
                MapperFeature.ALLOW_COERCION_OF_SCALARS,
                MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build());
  }

  private static void refuseNumbers(MutableCoercionConfig texts) {
    // In YAML the text 1.10 must be quoted: as a number it would come back as 1.1.
    texts
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  private static StrictMapper json(StreamReadConstraints.Builder constraints) {
    constraints.maxNestingDepth(DEEPEST_NESTING).maxDocumentLength(LONGEST_DOCUMENT);
    JsonFactory factory = JsonFactory.builder().streamReadConstraints(constraints.build()).build();
    return over(JsonMapper.builder(factory));
  }

  /**
   * Reads a document.
   *
   * @param text the document, at most {@value #LONGEST_DOCUMENT} characters
   * @param type a record
   * @param source names the document in errors, as a file name
   * @throws UserError one line, when the text does not say exactly what the record asks for
   */
  public <T> T read(String text, Class<T> type, String source) {
    return bind(tree(text, source), type, source);
  }

  /**
   * Reads a document from a UTF-8 file.
   *
   * @throws UserError one line, when the file cannot be read or does not say what the record asks
   *     for
   */
  public <T> T read(Path file, Class<T> type) {
    return read(text(file), type, file.toString());
  }

  /**
   * Reads a document without binding it, for callers that change it first.
   *
   * @throws UserError one line, when the text is not well-formed
   */
  public JsonNode tree(String text, String source) {
    if (text.length() > LONGEST_DOCUMENT) {
      throw new UserError(
          "%s: has %d characters, more than %d: give a shorter document"
              .formatted(source, text.length(), LONGEST_DOCUMENT));
    }
    try {
      return mapper.readTree(text);
    } catch (JacksonException e) {
      throw DocumentErrors.malformed(e, source);
    }
  }

  /**
   * Reads a document from a UTF-8 file without binding it.
   *
   * @throws UserError one line, when the file cannot be read or is not well-formed
   */
  public JsonNode tree(Path file) {
    return tree(text(file), file.toString());
  }

  /**
   * Binds a tree to a record.
   *
   * @throws UserError one line, when the tree does not say exactly what the record asks for
   */
  public <T> T bind(JsonNode tree, Class<T> type, String source) {
    // A misspelt required key is both unknown and missing; the first is the better thing to say.
    new UnknownKeys(mapper.getTypeFactory(), source).check(tree, mapper.constructType(type));
    if (!tree.isObject()) {
      throw DocumentErrors.notAGroup(type, source);
    }
    try {
      return mapper.treeToValue(tree, type);
    } catch (JacksonException e) {
      throw DocumentErrors.unbound(e, tree, source);
    }
  }

  /** Writes a record as one document, with keys in the order of its components. */
  public String write(Object value) {
    return mapper.writeValueAsString(value);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > LONGEST_DOCUMENT) {
        throw new UserError(
            "%s: is longer than %d bytes: give a shorter file".formatted(file, LONGEST_DOCUMENT));
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UserError("%s: no such file: check the path".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new UserError("%s: is not UTF-8 text: save it as UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read: give a readable text file".formatted(file), e);
    }
  }
}
