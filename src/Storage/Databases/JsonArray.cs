using System.Text;
using System.Text.Json;

namespace TokenActors.Storage.Databases;

/// <summary>Values as one parameter, for a database that limits how many a statement may have.</summary>
internal static class JsonArray
{
    public static string Of(IEnumerable<object> values)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var value in values)
            {
                if (value is long number)
                {
                    json.WriteNumberValue(number);
                }
                else
                {
                    json.WriteStringValue((string)value);
                }
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
