using System.Text;
using System.Text.Json;

namespace TokenActors.Storage.Databases;

/// <summary>Writes rows as a JSON array of objects, which <c>OPENJSON</c> reads as a table. Nulls are left out.</summary>
internal sealed class JsonRows : IParameters
{
    private readonly Utf8JsonWriter _json;

    private JsonRows(Utf8JsonWriter json) => _json = json;

    public static string Of<TRow>(IEnumerable<TRow> rows, Action<IParameters, TRow> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            JsonRows parameters = new(json);
            json.WriteStartArray();
            foreach (var row in rows)
            {
                json.WriteStartObject();
                write(parameters, row);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    public void Add(string name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }

    public void Add(string name, long? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
    }

    public void Add(string name, byte[]? value) => Add(name, value is null ? null : Convert.ToHexString(value));
}
