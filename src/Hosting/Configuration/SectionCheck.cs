using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace TokenActors.Hosting.Configuration;

/// <summary>
/// Holds a section against its options class before it is bound. The binder throws at the first key that it does not
/// know and at the first value that it cannot convert; an operator is told of all of them, each by its path.
/// </summary>
internal sealed class SectionCheck
{
    private const BindingFlags AnyCase = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    private readonly List<string> _problems = [];
    private readonly HashSet<string> _unusable = [];

    /// <param name="section">the configured section</param>
    /// <param name="options">the class that it is bound to</param>
    public SectionCheck(IConfigurationSection section, Type options)
    {
        CheckObject(section, options);
        Usable = section.AsEnumerable().Where(setting => setting.Value is not null && !_unusable.Contains(setting.Key));
    }

    /// <summary>What is wrong, each with its path, its value where it is no secret, and the rule.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The settings without those that the binder would stop at.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Usable { get; }

    private void CheckObject(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
        {
            if (type.GetProperty(child.Key, AnyCase) is { CanWrite: true } property)
            {
                Check(child, property.PropertyType, property);
            }
            else
            {
                AddUnknown([child]);
            }
        }

        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<RequiredAttribute>() is { } required && section[property.Name] is null)
            {
                _problems.Add($"{section.Path}:{property.Name} is missing; {required.ErrorMessage}");
            }
        }
    }

    private void Check(IConfigurationSection given, Type type, PropertyInfo property)
    {
        if (type == typeof(string) || type.IsValueType)
        {
            CheckValue(given, type, property);
            AddUnknown(given.GetChildren());
        }
        else if (given.Value is { Length: > 0 })
        {
            AddUnknown([given]);
        }
        else if (type.IsGenericType)
        {
            foreach (var item in given.GetChildren())
            {
                Check(item, type.GetGenericArguments()[0], property);
            }
        }
        else
        {
            CheckObject(given, type);
        }
    }

    private void CheckValue(IConfigurationSection given, Type type, PropertyInfo property)
    {
        if (given.Value is not { } value || BrokenRule(value, type, property) is not { } rule)
        {
            return;
        }

        var isSecret = property.GetCustomAttribute<DataTypeAttribute>() is { DataType: DataType.Password };
        _problems.Add(isSecret ? $"{given.Path} (not shown) {rule}" : $"{given.Path} is '{value}'; it {rule}");
        if (type != typeof(string))
        {
            _unusable.Add(given.Path);
        }
    }

    /// <summary>
    /// Words of an enum in any letter case; its numbers, which the binder would take too, are no settings.
    /// </summary>
    private static string? BrokenRule(string value, Type type, PropertyInfo property)
    {
        if (type.IsEnum)
        {
            var words = Enum.GetNames(type);
            return words.Contains(value, StringComparer.OrdinalIgnoreCase)
                ? null
                : $"must be one of {string.Join(", ", words)}";
        }

        if (type == typeof(bool) && !bool.TryParse(value, out _))
        {
            return "must be true or false";
        }

        return property.GetCustomAttributes<ValidationAttribute>()
            .Where(rule => rule is not RequiredAttribute)
            .Select(rule => rule.GetValidationResult(value, new ValidationContext(value))?.ErrorMessage)
            .FirstOrDefault(broken => broken is not null);
    }

    private void AddUnknown(IEnumerable<IConfigurationSection> given) => _problems.AddRange(given
        .SelectMany(section => section.AsEnumerable())
        .Where(setting => setting.Value is not null)
        .Select(setting => $"{setting.Key} is not a setting; look for a typing error"));
}
